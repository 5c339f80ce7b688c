import { getHeapStatistics, setFlagsFromString } from "node:v8";

/** How often the heap is looked at. */
const lookMs = 250;
/** What the process holds before anything was read. */
const idleBytes = 64 * 1_048_576;
/** By how many hundredths a large heap may grow beyond what is in use, before garbage is collected. */
const tightPercent = 50;

interface HeapGrowthOptions {
  /** What is remembered at most. */
  readonly boundBytes: number;
  readonly sizeBytes?: () => number;
  /** 0: as much as the engine thinks right. */
  readonly grow?: (percent: number) => void;
  readonly every?: (work: () => void, everyMs: number) => { stop(): void };
}

/**
 * Keeps garbage in proportion. The engine lets a heap grow to several times of what is in use before it collects what is not; that is
 * nothing to a small one, and hundreds of megabytes to one that a large site is remembered in. From the size on at which half of what may be
 * remembered is, it is collected sooner. It is the engine's of the whole process: nothing for who only lives in one.
 */
export class HeapGrowth {
  readonly #tightFrom: number;
  readonly #sizeBytes: () => number;
  readonly #grow: (percent: number) => void;
  readonly #timer: { stop(): void };
  #isTight = false;

  constructor({ boundBytes, sizeBytes = heapBytes, grow = letGrow, every = everyInterval }: HeapGrowthOptions) {
    this.#tightFrom = idleBytes + boundBytes / 2;
    this.#sizeBytes = sizeBytes;
    this.#grow = grow;
    this.#timer = every(() => this.#look(), lookMs);
  }

  stop(): void {
    this.#timer.stop();
    if (this.#isTight) this.#grow(0);
  }

  #look(): void {
    // Not back and forth with every collection.
    const isTight = this.#sizeBytes() > (this.#isTight ? this.#tightFrom * 0.75 : this.#tightFrom);
    if (isTight === this.#isTight) return;
    this.#isTight = isTight;
    this.#grow(isTight ? tightPercent : 0);
  }
}

const heapBytes = () => getHeapStatistics().total_heap_size;

function letGrow(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}

function everyInterval(work: () => void, everyMs: number): { stop(): void } {
  const timer = setInterval(work, everyMs).unref();
  return { stop: () => clearInterval(timer) };
}
