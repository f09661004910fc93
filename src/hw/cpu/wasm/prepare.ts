/** Makes what a build keeps for processes that are to begin sooner. */
import { Variants } from '../../../x86/isa/variant.ts';
import type { Prepared } from '../../outside.ts';
import { handlersModule } from './dispatch.ts';

export function prepare(): Prepared {
  const variants = new Variants();
  return { variants: variants.keep(), handlers: (observed) => handlersModule(variants.all, observed) };
}
