/** Things to do at moments of virtual time, earliest first; of one moment, in the order in which they were added. */
export interface EventQueue {
  readonly size: number;
  add(event: QueuedEvent): void;
  /** Takes out the next one. */
  next(): QueuedEvent | undefined;
}

export interface QueuedEvent {
  readonly atMs: number;
  /** Of the queue's own making: ascending. */
  readonly order: number;
  readonly label: string;
  /** Absent once it was called off. */
  action?: (() => void) | undefined;
}

/** A binary heap. */
export function createEventQueue(): EventQueue {
  const heap: QueuedEvent[] = [];
  const isBefore = (left: QueuedEvent, right: QueuedEvent) =>
    left.atMs === right.atMs ? left.order < right.order : left.atMs < right.atMs;

  function rise(from: number): void {
    const event = heap[from] as QueuedEvent;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = heap[parent] as QueuedEvent;
      if (!isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  function sink(event: QueuedEvent): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as QueuedEvent, heap[child] as QueuedEvent)) child++;
      const below = heap[child] as QueuedEvent;
      if (!isBefore(below, event)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = event;
  }

  return {
    get size() {
      return heap.length;
    },
    add(event) {
      heap.push(event);
      rise(heap.length - 1);
    },
    next() {
      const [first] = heap;
      const last = heap.pop();
      if (first && last && heap.length > 0) sink(last);
      return first;
    },
  };
}
