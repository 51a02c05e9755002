/**
 * Rounds of work with sleeps between them, each as long as the round before it said.
 *
 *   stopped ──start──► working ──► asleep ──timer, ring──► working … ──stop──► stopped
 */
import type { Millis } from '../domain/instant.ts';
import type { Service } from '../service.ts';
import { Alarm } from './alarm.ts';

export class Rounds implements Service {
  readonly #work: () => Promise<Millis>;
  readonly #alarm = new Alarm();
  #loop: Promise<void> | null = null;
  #stopping = false;

  /** @param work one round; must not reject. @returns how long to sleep after it. */
  constructor(work: () => Promise<Millis>) {
    this.#work = work;
  }

  get running(): boolean {
    return this.#loop !== null && !this.#stopping;
  }

  /** Cuts the sleep short, or the next one when a round is under way. */
  ring(): void {
    this.#alarm.ring();
  }

  async start(): Promise<void> {
    if (!this.#stopping) this.#loop ??= this.#run();
  }

  /** Resolves when the round under way has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#alarm.ring();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) await this.#alarm.sleep(await this.#work());
  }
}
