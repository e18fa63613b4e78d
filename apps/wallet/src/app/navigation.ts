import type { IconName } from '../components/Icon.tsx';
import type { Screen } from './router.ts';

export interface Destination {
  readonly screen: Screen;
  readonly name: string;
  readonly icon: IconName;
}

export const destinations: readonly Destination[] = [
  { screen: 'home', name: 'Home', icon: 'home' },
  { screen: 'pay', name: 'Pay', icon: 'pay' },
  { screen: 'receive', name: 'Receive', icon: 'receive' },
  { screen: 'deposit', name: 'Tempo', icon: 'deposit' },
  { screen: 'activity', name: 'Activity', icon: 'activity' },
  { screen: 'network', name: 'Network', icon: 'network' },
];

/** The destination that a screen belongs to. */
export function sectionOf(screen: Screen): Screen {
  if (screen === 'amount' || screen === 'review' || screen === 'payment') return 'pay';
  if (screen === 'withdraw' || screen === 'send' || screen === 'exit') return 'deposit';
  return screen === 'transaction' ? 'activity' : screen;
}
