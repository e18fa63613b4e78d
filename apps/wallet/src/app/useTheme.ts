import { useEffect } from 'react';
import { usePreferences } from './WalletContext.ts';

const PAPER = { light: '#f8f8f4', dark: '#0b0d0c' } as const;

/** Puts the chosen theme on the document; `system` leaves it to the colour scheme of the device. */
export function useTheme(): void {
  const theme = usePreferences((state) => state.theme);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      const scheme = meta.media.includes('dark') ? 'dark' : 'light';
      meta.content = PAPER[theme === 'system' ? scheme : theme];
    }
  }, [theme]);
}
