/** A typed event emitter. A listener that throws does not keep the others from hearing the event. */
export class Emitter<Events extends object> {
  #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  /** Adds a listener and returns the function that removes it. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(listener as (event: never) => void);
    this.#listeners.set(name, listeners);
    return () => listeners.delete(listener as (event: never) => void);
  }

  once<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const off = this.on(name, event => {
      off();
      listener(event);
    });
    return off;
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (event: Events[Name]) => void)(event);
      } catch (error) {
        reportListenerError(error);
      }
    }
  }

  removeAll(): void {
    this.#listeners.clear();
  }
}

/** Surfaces a listener's own error where uncaught errors go, without breaking the caller. */
function reportListenerError(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}
