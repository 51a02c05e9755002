/** Whether each part that the server needs does its work. */
import { SECOND } from '../../domain/instant.ts';
import { messageOf } from '../../errors.ts';
import type { App } from '../app.ts';
import type { Health } from '../../service.ts';

/** An engine that takes longer to say what time it is serves nobody. */
const ENGINE_PATIENCE_MS = 2 * SECOND;

interface Part extends Health {
  readonly name: string;
}

export async function readiness(app: App): Promise<Part[]> {
  return [await engine(app), ...app.parts.map(({ name, check }) => ({ name, ...check() }))];
}

async function engine({ store }: App): Promise<Part> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('it does not answer')), ENGINE_PATIENCE_MS);
  try {
    await Promise.race([store.health(), late.promise]);
    return { name: 'engine', ready: true, detail: store.capabilities.location };
  } catch (error) {
    const why = messageOf(error);
    return { name: 'engine', ready: false, detail: `${store.capabilities.location}: ${why}` };
  } finally {
    clearTimeout(timer);
  }
}
