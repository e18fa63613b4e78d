import type { Screen } from '../../app/router.ts';
import { Deposit } from './Deposit.tsx';
import { Exit } from './Exit.tsx';
import { Send } from './Send.tsx';
import { Withdraw } from './Withdraw.tsx';

export type TempoScreen = Extract<Screen, 'deposit' | 'withdraw' | 'send' | 'exit'>;

/** Everything between FastPay and the chain below it. */
export function Tempo({ screen }: { readonly screen: TempoScreen }) {
  switch (screen) {
    case 'deposit':
      return <Deposit />;
    case 'withdraw':
      return <Withdraw />;
    case 'send':
      return <Send />;
    case 'exit':
      return <Exit />;
  }
}
