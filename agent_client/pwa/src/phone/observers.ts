/** Whoever watches the phone: called back after every change, in the order in which they came. */
export class Observers {
  private readonly listeners = new Set<() => void>();

  /** Returns what undoes it. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** One listener that fails keeps nothing from the others. */
  tell(): void {
    for (const listener of [...this.listeners]) {
      try {
        listener();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
