/**
 * What every long-running part is: scheduler, worker, HTTP server.
 *
 *   new ──start──► running ──stop──► stopped
 *
 * `start` resolves when the part does its work, or rejects and leaves nothing behind. `stop` resolves when nothing of it
 * is left: no timer, no socket, no child. It may be called at any time, also before or during `start`, and again.
 */
export interface Service {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What a part says of itself, for `/readyz`. */
export interface Health {
  readonly ready: boolean;
  /** For people: what it does, or what keeps it from that. */
  readonly detail: string;
}
