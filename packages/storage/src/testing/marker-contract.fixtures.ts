import { beforeEach, describe, expect, test } from 'vitest';
import type { Marker, MarkerState } from '../marker.ts';

/** A marker that was never written, and what the next process finds in its place. */
export interface OpenedMarker {
  readonly marker: Marker;
  reopen(): Promise<Marker>;
}

const state = (count: bigint, changes: Partial<MarkerState> = {}): MarkerState => ({
  storeId: new Uint8Array(16).fill(7),
  count,
  isRetired: false,
  ...changes,
});

/** What every Marker must do; `open` gives a new one. */
export function markerContract(name: string, open: () => Promise<OpenedMarker>): void {
  describe(`${name} as a Marker`, () => {
    let opened: OpenedMarker;
    beforeEach(async () => {
      opened = await open();
    });

    test('a marker that was never written says so, also to the next process', async () => {
      expect(opened.marker.read()).toBeUndefined();
      expect((await opened.reopen()).read()).toBeUndefined();
    });

    test('what was written is read, by this process and the next', async () => {
      for (const written of [state(1n), state(2n ** 64n - 1n), state(5n, { isRetired: true })]) {
        await opened.marker.write(written);
        expect(opened.marker.read()).toEqual(written);
        expect((await opened.reopen()).read()).toEqual(written);
      }
    });

    test('the last of many writes stands, whatever it says', async () => {
      for (let count = 1n; count <= 20n; count++) await opened.marker.write(state(count));
      const other = state(3n, { storeId: new Uint8Array(16).fill(9) });
      await opened.marker.write(other);
      expect((await opened.reopen()).read()).toEqual(other);
    });

    test('bytes handed in and out are copies', async () => {
      const storeId = new Uint8Array(16).fill(1);
      await opened.marker.write({ storeId, count: 1n, isRetired: false });
      storeId.fill(2);
      opened.marker.read()?.storeId.fill(3);
      expect(opened.marker.read()?.storeId).toEqual(new Uint8Array(16).fill(1));
    });
  });
}
