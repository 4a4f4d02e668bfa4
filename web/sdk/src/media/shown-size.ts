import type { ShownSize } from "./layer-choice.js";

/** Watches how large an element is shown: its size, whether it is on the screen, the pixel density, and whether the page is looked at. */
export class ShownSizeWatch {
  readonly #element: Element;
  readonly #onChange: (size: ShownSize) => void;
  readonly #resize: ResizeObserver;
  readonly #intersection: IntersectionObserver;
  #box = { width: 0, height: 0 };
  #onScreen = true;
  readonly #tell = () => this.#onChange(this.size);

  constructor(element: Element, onChange: (size: ShownSize) => void) {
    this.#element = element;
    this.#onChange = onChange;
    const { width, height } = element.getBoundingClientRect();
    this.#box = { width, height };
    this.#resize = new ResizeObserver(entries => {
      const box = entries.at(-1)?.contentRect;
      if (box === undefined) return;
      this.#box = { width: box.width, height: box.height };
      this.#tell();
    });
    this.#intersection = new IntersectionObserver(entries => {
      this.#onScreen = entries.at(-1)?.isIntersecting ?? true;
      this.#tell();
    });
    this.#resize.observe(element);
    this.#intersection.observe(element);
    element.ownerDocument.addEventListener("visibilitychange", this.#tell);
    // Moving the window to another screen changes the density and, with it, the zoom: resize fires.
    element.ownerDocument.defaultView?.addEventListener("resize", this.#tell);
  }

  get size(): ShownSize {
    const { ownerDocument } = this.#element;
    const density = ownerDocument.defaultView?.devicePixelRatio ?? 1;
    const seen = this.#onScreen ? density : 0;
    return {
      width: this.#box.width * seen,
      height: this.#box.height * seen,
      hidden: ownerDocument.visibilityState === "hidden",
    };
  }

  close(): void {
    this.#resize.disconnect();
    this.#intersection.disconnect();
    this.#element.ownerDocument.removeEventListener("visibilitychange", this.#tell);
    this.#element.ownerDocument.defaultView?.removeEventListener("resize", this.#tell);
  }
}
