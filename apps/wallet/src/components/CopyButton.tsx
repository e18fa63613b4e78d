import { useEffect, useState } from 'react';
import { useNotices } from '../app/WalletContext.ts';
import { Button, type ButtonProps, IconButton } from './Button.tsx';

const SHOWN_MS = 1_600;

function useCopy(text: string, what: string): { readonly copied: boolean; readonly copy: () => void } {
  const [copied, setCopied] = useState(false);
  const toast = useNotices((state) => state.toast);
  const say = useNotices((state) => state.say);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true);
        say(`${what} copied`);
      },
      () => toast('The browser does not allow copying here. Select the text instead.', 'problem'),
    );
  };
  return { copied, copy };
}

export function CopyButton({
  text,
  what,
  ...button
}: { readonly text: string; readonly what: string } & Omit<ButtonProps, 'children'>) {
  const { copied, copy } = useCopy(text, what);
  return (
    <Button {...button} icon={copied ? 'check' : 'copy'} onClick={copy}>
      {copied ? 'Copied' : `Copy ${what.toLowerCase()}`}
    </Button>
  );
}

export function CopyIcon({ text, what }: { readonly text: string; readonly what: string }) {
  const { copied, copy } = useCopy(text, what);
  return <IconButton icon={copied ? 'check' : 'copy'} label={`Copy ${what.toLowerCase()}`} onClick={copy} />;
}
