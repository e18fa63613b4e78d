/** Single keys on a terminal: `1`–`4` switch a validator, `q` or Ctrl-C quits. Gives back how to let go of the terminal. */
export function listenForKeys(
  input: NodeJS.ReadStream,
  handlers: { readonly onValidator: (index: number) => void; readonly onQuit: () => void },
): () => void {
  const onData = (data: Buffer) => {
    for (const key of data.toString('utf8')) {
      if (/^[1-4]$/.test(key)) handlers.onValidator(Number(key) - 1);
      else if (key === 'q' || key === 'Q' || key === '\u0003') handlers.onQuit();
    }
  };
  input.setRawMode(true);
  input.resume();
  input.on('data', onData);
  return () => {
    input.off('data', onData);
    input.setRawMode(false);
    input.pause();
  };
}
