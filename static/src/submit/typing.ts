/**
 * Something that is typed and sent. While it is being sent one may type on, and that is not lost.
 *
 *   typing ──send──► sending ──► sent: as it was, or typed on meanwhile
 *                            └─► refused
 */
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';

export interface Sent<Content, Answer> {
  readonly content: Content;
  readonly answer: Answer;
  /** Whether something else was typed meanwhile: then that stays. */
  readonly typedOn: boolean;
}

export class Typing<Content> {
  readonly #content: Signal<Content>;
  readonly #changed = signal(false);
  readonly #busy = signal(false);
  readonly content: ReadonlySignal<Content>;
  /** Whether something was typed that has not been sent. */
  readonly changed: ReadonlySignal<boolean> = this.#changed;
  readonly busy: ReadonlySignal<boolean> = this.#busy;

  constructor(content: Content) {
    this.content = this.#content = signal(content);
  }

  type(content: Content): void {
    this.#changed.value = true;
    this.#content.value = content;
  }

  /** Another content altogether, which nobody has typed. */
  reset(content: Content): void {
    this.#changed.value = false;
    this.#content.value = content;
  }

  /** @param ask sends what is typed. What it throws is thrown, and all stays as it is. */
  async send<Answer>(ask: (content: Content) => Promise<Answer>): Promise<Sent<Content, Answer>> {
    const content = this.#content.peek();
    this.#busy.value = true;
    try {
      const answer = await ask(content);
      const typedOn = this.#changed.peek() && this.#content.peek() !== content;
      this.#changed.value = typedOn;
      return { content, answer, typedOn };
    } finally {
      this.#busy.value = false;
    }
  }
}
