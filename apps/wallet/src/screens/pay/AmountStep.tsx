import { type Address, formatAmount, OrderKind } from '@fastpay/protocol';
import { type CSSProperties, type FormEvent, useEffect, useId, useRef } from 'react';
import { useNameOf } from '../../app/useNames.ts';
import { navigate } from '../../app/useRoute.ts';
import { useAccount, useDraft, useSession } from '../../app/WalletContext.ts';
import { AmountPad } from '../../components/AmountPad.tsx';
import { Button } from '../../components/Button.tsx';
import { Identicon } from '../../components/Identicon.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { cleanAmountText, readSpend } from '../../state/amountInput.ts';
import { amountText, shortHex } from '../../state/format.ts';
import styles from './AmountStep.module.css';
import { useFee } from './useFee.ts';

export function AmountStep({ recipient }: { readonly recipient: Address }) {
  const { asset, network } = useSession();
  const text = useDraft((state) => state.amount);
  const type = useDraft((state) => state.type);
  const available = useAccount((state) => state.view?.available);
  const nameOf = useNameOf();
  const fee = useFee(OrderKind.transfer, recipient);
  const input = useRef<HTMLInputElement>(null);
  const note = useId();

  // With a keyboard the field is ready to type; on a touch screen the pad is, and no keyboard covers it.
  const touch = matchMedia('(pointer: coarse)').matches;
  useEffect(() => {
    if (!touch) input.current?.focus();
  }, [touch]);

  const worstFee = fee.amount ?? network.fees.minimum + network.fees.newRecipientSurcharge;
  const { amount, most, tooMuch } = readSpend(text, available, worstFee);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amount !== undefined && !tooMuch) navigate('review');
  };

  return (
    <form className={styles.step} onSubmit={submit}>
      <ScreenHeader title="Amount" back="pay">
        <span className={styles.to}>
          to <Identicon address={recipient} size={20} /> {nameOf(recipient) ?? shortHex(recipient)}
        </span>
      </ScreenHeader>
      <div className={styles.middle}>
        <label className={styles.entry} style={{ '--characters': Math.max(text.length, 4) } as CSSProperties}>
          <input
            ref={input}
            className={styles.input}
            aria-label="Amount"
            value={text}
            placeholder="0"
            inputMode={touch ? 'none' : 'decimal'}
            autoComplete="off"
            aria-describedby={note}
            aria-invalid={tooMuch || undefined}
            size={Math.max(text.length, 1)}
            onChange={(event) => {
              const clean = cleanAmountText(event.target.value);
              if (clean !== undefined) type(clean);
            }}
          />
          <span className={styles.symbol}>{asset.symbol}</span>
        </label>
        <div id={note} className={styles.note} aria-live="polite">
          {tooMuch ? (
            <span className={styles.problem}>
              More than you can pay: at most {amountText(most ?? 0n)} after the fee.
            </span>
          ) : available === undefined ? (
            'Balance not verified yet'
          ) : (
            `${amountText(available)} available · fee ${amountText(worstFee)}`
          )}
        </div>
        <Button size="small" disabled={!most} onClick={() => most !== undefined && type(formatAmount(most))}>
          Use everything
        </Button>
      </div>
      <AmountPad text={text} onChange={type} />
      <Button type="submit" look="primary" size="large" wide disabled={amount === undefined || tooMuch}>
        Review
      </Button>
    </form>
  );
}
