/** Reading QR codes from the camera, a picture, or anything that can be drawn on a canvas. */

export type ReadCode = (
  source: CanvasImageSource,
  width: number,
  height: number,
) => string | undefined | Promise<string | undefined>;

interface BarcodeDetectorLike {
  detect(source: CanvasImageSource): Promise<readonly { readonly rawValue: string }[]>;
}
type BarcodeDetectorClass = {
  new (options: { readonly formats: readonly string[] }): BarcodeDetectorLike;
  getSupportedFormats(): Promise<readonly string[]>;
};

/** The platform's detector where there is one that knows QR codes. */
async function nativeDetector(): Promise<BarcodeDetectorLike | undefined> {
  const Detector = (globalThis as { BarcodeDetector?: BarcodeDetectorClass }).BarcodeDetector;
  if (!Detector) return undefined;
  try {
    const formats = await Detector.getSupportedFormats();
    return formats.includes('qr_code') ? new Detector({ formats: ['qr_code'] }) : undefined;
  } catch {
    // Present but without a service behind it, as on some desktops.
    return undefined;
  }
}

/** Longest edge handed to the portable decoder: more pixels cost time and find nothing more. */
const LONGEST_EDGE = 900;

async function portableReader(): Promise<ReadCode> {
  const { decodeQR } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return (source, width, height) => {
    if (!context || width === 0 || height === 0) return undefined;
    const scale = Math.min(1, LONGEST_EDGE / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      // The decoder throws when it sees no code, which is what most frames show.
      return undefined;
    }
  };
}

export async function createReader(): Promise<ReadCode> {
  const detector = await nativeDetector();
  const portable = await portableReader();
  if (!detector) return portable;
  return async (source, width, height) => {
    try {
      const [found] = await detector.detect(source);
      if (found) return found.rawValue;
    } catch {
      // The service behind the detector went away: read it ourselves.
      return portable(source, width, height);
    }
    return undefined;
  };
}

export async function readImageFile(file: Blob, read: ReadCode): Promise<string | undefined> {
  const bitmap = await createImageBitmap(file);
  try {
    return await read(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/** @throws DOMException NotAllowedError, NotFoundError and others of getUserMedia. */
export function openCamera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: 'environment' } });
}

export function hasCamera(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === 'function';
}
