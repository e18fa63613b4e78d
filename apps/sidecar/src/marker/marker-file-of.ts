import type { SidecarConfig } from '../config/schema.ts';

/** Beside the keys that it guards, unless the configuration says otherwise. */
export function markerFileOf({ markerFile, keyFile }: Pick<SidecarConfig, 'markerFile' | 'keyFile'>): string {
  return markerFile === '' ? `${keyFile}.marker` : markerFile;
}
