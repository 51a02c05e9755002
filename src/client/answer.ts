import type { Dispatcher } from 'undici';

/** A response as undici gives it: status and headers have come, the body may still. */
export type Answer = Dispatcher.ResponseData<null>;
