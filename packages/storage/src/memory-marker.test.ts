import { createMemoryMarker } from './memory-marker.ts';
import { markerContract } from './testing/marker-contract.fixtures.ts';

markerContract('the memory marker', () => {
  const marker = createMemoryMarker();
  return Promise.resolve({ marker, reopen: () => Promise.resolve(marker) });
});
