/**
 * Whether there is any key. One that has expired is one still: that the last one did must not let anybody in who had none,
 * as revoking it does.
 */
import type { Store } from '../../store/store.ts';

export async function hasKeys(store: Pick<Store, 'keys'>): Promise<boolean> {
  return (await store.keys()).length > 0;
}
