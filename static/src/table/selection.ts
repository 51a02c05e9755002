/** Which rows are selected: some by their ids, or all that the filter lets through, also those not loaded. */
import { computed, signal } from '@preact/signals';

export type Chosen = { readonly kind: 'ids'; readonly ids: ReadonlySet<string> } | { readonly kind: 'matching' };

export class Selection {
  readonly #chosen = signal<Chosen>({ kind: 'ids', ids: new Set() });
  readonly chosen = computed(() => this.#chosen.value);
  readonly isEmpty = computed(() => this.chosen.value.kind === 'ids' && this.chosen.value.ids.size === 0);

  has(id: string): boolean {
    const { value } = this.chosen;
    return value.kind === 'matching' || value.ids.has(id);
  }

  /** Turns one on or off. */
  toggle(id: string, loaded: readonly string[]): void {
    const { value } = this.chosen;
    const ids = new Set(value.kind === 'matching' ? loaded : value.ids);
    if (!ids.delete(id)) ids.add(id);
    this.#chosen.value = { kind: 'ids', ids };
  }

  choose(ids: readonly string[]): void {
    this.#chosen.value = { kind: 'ids', ids: new Set(ids) };
  }

  /** Lets go of those that have left the list: nobody sees any more that they are selected. */
  keep(loaded: readonly string[]): void {
    const value = this.#chosen.peek();
    if (value.kind === 'matching') return;
    const kept = value.ids.intersection(new Set(loaded));
    if (kept.size < value.ids.size) this.#chosen.value = { kind: 'ids', ids: kept };
  }

  chooseMatching(): void {
    this.#chosen.value = { kind: 'matching' };
  }

  clear(): void {
    this.choose([]);
  }
}
