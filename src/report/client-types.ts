// What the report's own script asks of a browser and of uPlot. The compiler knows neither here, and shall not: the rest of
// the program runs in neither.

export interface ClientElement {
  className: string;
  textContent: string | null;
  readonly clientWidth: number;
  readonly style: Record<string, string>;
  readonly classList: { add(name: string): void; remove(name: string): void };
  append(child: ClientElement): void;
  before(sibling: ClientElement): void;
  remove(): void;
  querySelector(selector: string): ClientElement | null;
  querySelectorAll(selector: string): Iterable<ClientElement>;
  setAttribute(name: string, value: string): void;
}

/** The global object of a page that has loaded uPlot. */
export interface ClientPage {
  readonly document: {
    readonly documentElement: ClientElement;
    createElement(tag: string): ClientElement;
    querySelectorAll(selector: string): Iterable<ClientElement>;
  };
  readonly ResizeObserver: new (
    onResize: () => void,
  ) => { observe(element: ClientElement): void; disconnect(): void };
  readonly uPlot: UplotLibrary;
  getComputedStyle(element: ClientElement): { getPropertyValue(name: string): string };
  matchMedia(query: string): {
    readonly matches: boolean;
    addEventListener(event: 'change', onChange: () => void): void;
  };
}

interface UplotLibrary {
  new (options: object, data: readonly (readonly (number | null)[])[], parent: ClientElement): Uplot;
  readonly paths: { stepped(options: { align: 1 }): unknown };
  /** A date whose local fields are the clock of the time zone. */
  tzDate(date: Date, timeZone: string): Date;
}

/** A chart that is drawn. Lengths of `bbox` and of what is drawn are device pixels. */
export interface Uplot {
  readonly root: ClientElement;
  readonly ctx: Canvas;
  readonly width: number;
  readonly bbox: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  readonly scales: Readonly<Record<string, { readonly min?: number | null; readonly max?: number | null }>>;
  readonly series: readonly { readonly show?: boolean }[];
  valToPos(value: number, scale: string, inDevicePixels: true): number;
  setSize(size: { readonly width: number; readonly height: number }): void;
  destroy(): void;
}

/** Of CanvasRenderingContext2D. */
export interface Canvas {
  readonly canvas: { readonly width: number };
  globalAlpha: number;
  strokeStyle: string;
  fillStyle: string;
  lineWidth: number;
  font: string;
  textAlign: string;
  textBaseline: string;
  save(): void;
  restore(): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
  clip(): void;
  fill(): void;
  stroke(): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
  setLineDash(lengths: readonly number[]): void;
}

/** A colour of the style sheet by the name of its variable without the dashes, as it is now. */
export type Ink = (name: string) => string;
