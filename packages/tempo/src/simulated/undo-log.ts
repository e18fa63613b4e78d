/** Changes of maps that can be taken back, newest first. */
export interface UndoLog {
  set<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void;
  /** A place to roll back to, good until `take`. */
  readonly length: number;
  rollBack(length: number): void;
  /** Forgets all changes and returns how to take them back. */
  take(): readonly Undo[];
}

export type Undo = () => void;

export function createUndoLog(): UndoLog {
  let undos: Undo[] = [];
  return {
    set(map, key, value) {
      const before = map.get(key);
      undos.push(before === undefined ? () => map.delete(key) : () => map.set(key, before));
      map.set(key, value);
    },
    get length() {
      return undos.length;
    },
    rollBack(length) {
      for (const undo of undos.splice(length).reverse()) undo();
    },
    take() {
      const taken = undos;
      undos = [];
      return taken;
    },
  };
}
