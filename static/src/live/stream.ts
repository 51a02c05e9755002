/**
 * The server's event stream, kept open for whoever listens: in a page, or in the worker that all tabs share.
 *
 *   closed ──open──► connecting ──► open ──error──► away ──► open
 *   any ──close──► closed
 */
import type { ChangeEvent } from '../../../src/http/schema/system.ts';

/** What kind of thing changed, and its id. A run's id begins with its job's. */
export type Change = ChangeEvent;

export type LiveMessage =
  | { readonly kind: 'open' }
  /** `refused`: there was an answer, and it was no event stream. */
  | { readonly kind: 'away'; readonly refused: boolean }
  /** Something was missed: look at everything anew. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'changes'; readonly changes: readonly Change[] };

const REOPEN_MS = 1_000;
/** Changes come in bursts: what comes within this is told at once. */
const GATHER_MS = 100;

export class LiveStream {
  readonly #url: string;
  readonly #tell: (message: LiveMessage) => void;
  readonly #gathered: Change[] = [];
  #source: EventSource | null = null;
  #reopening: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, tell: (message: LiveMessage) => void) {
    this.#url = url;
    this.#tell = tell;
  }

  /** Whether changes are told now. */
  get isOpen(): boolean {
    return this.#source?.readyState === EventSource.OPEN;
  }

  /** Connects, also when it is connected. */
  open(): void {
    this.close();
    const source = (this.#source = new EventSource(this.#url));
    source.addEventListener('open', () => this.#tell({ kind: 'open' }));
    source.addEventListener('change', (event: MessageEvent<string>) => this.#gather(event.data));
    source.addEventListener('reset', () => this.#tell({ kind: 'reset' }));
    source.addEventListener('error', () => this.#failed());
  }

  close(): void {
    clearTimeout(this.#reopening);
    this.#source?.close();
    this.#source = null;
  }

  #failed(): void {
    // The browser reconnects by itself after a broken connection, but never after an answer that is no event stream.
    const refused = this.#source?.readyState === EventSource.CLOSED;
    this.#tell({ kind: 'away', refused });
    if (!refused) return;
    clearTimeout(this.#reopening);
    this.#reopening = setTimeout(() => this.open(), REOPEN_MS);
  }

  #gather(data: string): void {
    if (this.#gathered.length === 0) {
      setTimeout(() => this.#tell({ kind: 'changes', changes: this.#gathered.splice(0) }), GATHER_MS);
    }
    this.#gathered.push(JSON.parse(data) as Change);
  }
}
