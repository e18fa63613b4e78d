import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { createReader, hasCamera, openCamera, readImageFile } from '../../platform/camera.ts';
import styles from './Scanner.module.css';

interface ScannerProps {
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

const FRAME_EVERY_MS = 120;

/** Opened by a tap, which is what browsers want before they hand out the camera; lets go of it when hidden or closed. */
export function Scanner({ onText, onClose }: ScannerProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState<string>();
  const [running, setRunning] = useState(true);
  const found = useRef(onText);
  found.current = onText;

  useEffect(() => {
    const element = video.current;
    if (!running || !element) return;
    if (!hasCamera()) {
      setProblem('This browser offers no camera here. Choose a picture, or paste the text.');
      return;
    }
    const controller = new AbortController();
    watch(element, controller.signal, (text) => found.current(text)).catch((error: unknown) => {
      if (!controller.signal.aborted) setProblem(cameraProblem(error));
    });
    const pause = () => {
      if (document.visibilityState === 'hidden') setRunning(false);
    };
    document.addEventListener('visibilitychange', pause);
    return () => {
      controller.abort();
      document.removeEventListener('visibilitychange', pause);
    };
  }, [running]);

  const pickFile = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (!file) return;
    try {
      const text = await readImageFile(file, await createReader());
      if (text === undefined) setProblem('No QR code was found in this picture.');
      else onText(text);
    } catch {
      setProblem('This file is not a picture that the browser can read.');
    }
  };

  return (
    <Dialog title="Scan" onClose={onClose}>
      <div className={styles.finder} data-running={(running && problem === undefined) || undefined}>
        <video ref={video} className={styles.video} muted playsInline aria-label="Camera" />
        <span className={styles.frame} aria-hidden="true" />
        {!running && (
          <Button className={styles.again} onClick={() => setRunning(true)}>
            Start the camera again
          </Button>
        )}
      </div>
      <p className="quiet" aria-live="polite">
        {problem ?? 'Point the camera at a payment code.'}
      </p>
      <label className={styles.file}>
        <span>Choose a picture instead</span>
        <input type="file" accept="image/*" onChange={(event) => void pickFile(event)} />
      </label>
    </Dialog>
  );
}

/** Reads frames until a code is found or the signal is aborted; the camera stops either way. */
async function watch(video: HTMLVideoElement, signal: AbortSignal, onText: (text: string) => void): Promise<void> {
  const stream = await openCamera();
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) return stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    video.srcObject = stream;
    await video.play();
    const read = await createReader();
    while (!signal.aborted) {
      const text = await read(video, video.videoWidth, video.videoHeight);
      if (signal.aborted) return;
      if (text !== undefined) return onText(text);
      await new Promise((resolve) => setTimeout(resolve, FRAME_EVERY_MS));
    }
  } finally {
    stop();
  }
}

function cameraProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError')
    return 'The camera is not allowed for this page. Choose a picture, or paste the text.';
  if (name === 'NotFoundError') return 'No camera was found. Choose a picture, or paste the text.';
  return 'The camera could not be started. Choose a picture, or paste the text.';
}
