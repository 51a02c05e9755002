/** Counts what is done, and tells when there is enough of it. */
export class Progress {
  #done = 0;
  readonly #waiting: { readonly at: number; readonly resolve: () => void }[] = [];

  get done(): number {
    return this.#done;
  }

  add(): void {
    this.#done++;
    for (const { at, resolve } of this.#waiting) if (at === this.#done) resolve();
  }

  /** Resolves when so much is done. To be asked before. */
  reaches(at: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ at, resolve }));
  }
}
