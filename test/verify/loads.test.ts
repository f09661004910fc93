import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Seeded } from '../../src/base/choice.ts';
import { Slots } from '../../src/base/slots.ts';
import { MACHINE_NAMES, machineOf, VERIFIED } from '../../src/lab/small/machines.ts';
import { OpenWorld } from '../../src/lab/small/open-world.ts';
import { StateStore } from '../../src/verify/store.ts';

const STATES = 60;
const JUMPS = 300;
const NOTHING = { picks: (): number[] => [] };

test('a world that goes back by what is different goes on as one that is loaded whole', () => {
  for (const machine of MACHINE_NAMES) {
    for (const strategy of VERIFIED) {
      const options = machineOf(machine, strategy);
      if (options === undefined) continue;
      // Both ask the same questions in the same order, and get the same answers, unless they are different worlds.
      const worlds = [1, 1].map((seed) => new OpenWorld(options, new Seeded(seed)));
      const slots = worlds.map((world) => new Slots(world));
      const stores = slots.map((each) => new StateStore(each));
      const random = new Seeded(2);
      let known = 0;
      for (let jump = 0; jump < JUMPS; jump += 1) {
        const to = known === 0 ? 0 : random.pick(known, 'which state');
        const after = worlds.map((world, i) => {
          if (jump > 0) {
            // The second one forgets what it has, and loads everything.
            if (i === 1) stores[i]!.forget();
            slots[i]!.load(stores[i]!.sourceOf(to));
            slots[i]!.save();
            assert.equal(stores[i]!.add(0, NOTHING), -1, `${machine}, ${strategy}: what was loaded is known`);
          }
          const goesOn = jump === 0 || world.step();
          if (!goesOn) stores[i]!.forget();
          else if (stores[i]!.count < STATES || jump === 0) {
            slots[i]!.save();
            stores[i]!.add(0, NOTHING);
          } else stores[i]!.forget();
          return [goesOn, stores[i]!.count, world.last, [...world.findings]];
        });
        assert.deepEqual(after[0], after[1], `${machine}, ${strategy}, jump ${jump} to ${to}`);
        known = stores[0]!.count;
      }
      assert.ok(known > 5, `${machine}, ${strategy}: ${known}`);
    }
  }
});
