import { formatAmount } from '@fastpay/protocol';
import type { ReactNode } from 'react';
import { cleanAmountText, type Spend } from '../state/amountInput.ts';
import { amountText } from '../state/format.ts';
import { Button } from './Button.tsx';
import { Field } from './Field.tsx';

interface AmountFieldProps {
  readonly label: string;
  readonly text: string;
  /** Gets only what can become an amount. */
  readonly onText: (text: string) => void;
  readonly hint?: string;
  readonly disabled?: boolean;
  /** Instead of "Use all". */
  readonly trailing?: ReactNode;
  readonly autoFocus?: boolean;
  /** For money that leaves: how much of it there is, and what it is reduced by. */
  readonly spend?: Spend;
  readonly after?: 'the fee' | 'the network fee' | 'nothing';
}

/** An amount, typed. */
export function AmountField({ text, onText, spend: asked, after = 'the fee', trailing, ...field }: AmountFieldProps) {
  // While an amount is being sent, what is left says nothing about it.
  const spend = asked && field.disabled ? { ...asked, most: undefined, tooMuch: false } : asked;
  const most = spend?.most;
  return (
    <Field
      {...field}
      value={text}
      inputMode="decimal"
      placeholder="0.00"
      autoComplete="off"
      problem={
        spend?.tooMuch ? `At most ${amountText(most ?? 0n)}${after === 'nothing' ? '' : ` after ${after}`}.` : undefined
      }
      trailing={
        trailing ??
        (spend && (
          <Button
            look="quiet"
            size="small"
            disabled={!most}
            onClick={() => most !== undefined && onText(formatAmount(most))}
          >
            Use all
          </Button>
        ))
      }
      onChange={(event) => {
        const clean = cleanAmountText(event.target.value);
        if (clean !== undefined) onText(clean);
      }}
    />
  );
}
