/** A scenario, wired: on bare metal, or with a host. */
import type { Image } from '../guest/image.ts';
import type { Outside } from '../hw/outside.ts';
import { HostedRun } from './hosted-run.ts';
import { isHosted, type Scenario } from './scenario.ts';
import { World } from './world.ts';

export const open = (scenario: Scenario, outside: Outside, image?: Image): World | HostedRun =>
  (isHosted(scenario) ? new HostedRun(scenario, outside, image) : new World(scenario, outside, image));
