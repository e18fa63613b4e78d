import { checksummed } from '@fastpay/client';
import { formatAmount, OrderKind } from '@fastpay/protocol';
import { type FormEvent, useState } from 'react';
import { navigate } from '../../app/useRoute.ts';
import { useAccount, useDraft, useSession } from '../../app/WalletContext.ts';
import { Amount } from '../../components/Amount.tsx';
import { AmountField } from '../../components/AmountField.tsx';
import { Button } from '../../components/Button.tsx';
import { Fact, Facts } from '../../components/Facts.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { readSpend } from '../../state/amountInput.ts';
import { amountText } from '../../state/format.ts';
import { readTempoTarget } from '../../state/target.ts';
import { useFee } from '../pay/useFee.ts';
import { RecipientField } from './RecipientField.tsx';
import styles from './Tempo.module.css';
import { TempoTabs } from './TempoTabs.tsx';

/** Money that pays instantly becomes tokens on Tempo again. Signed like a payment. */
export function Withdraw() {
  const session = useSession();
  const { asset, address } = session;
  const available = useAccount((state) => state.view?.available);
  const draft = useDraft((state) => state.withdraw);
  const [to, setTo] = useState<string>(checksummed(address));
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const fee = useFee(OrderKind.withdraw, address);

  const spend = readSpend(text, available, fee.amount);
  const { amount, most, tooMuch } = spend;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amount === undefined || tooMuch) return;
    const target = readTempoTarget(to, session);
    if ('problem' in target) return setProblem(target.problem);
    draft(target.recipient, formatAmount(amount));
    navigate('review');
  };

  return (
    <>
      <ScreenHeader title="Withdraw" back="home">
        <p>
          Takes {asset.symbol} out of FastPay to an address on Tempo. It is sealed in milliseconds like a payment; the
          tokens arrive when the next batch is settled on the chain.
        </p>
      </ScreenHeader>
      <TempoTabs screen="withdraw" />
      <form className={styles.tempo} onSubmit={submit}>
        <RecipientField
          value={to}
          problem={problem}
          hint="Your own address unless you choose another. An exchange may want a memo: then withdraw to yourself and use Send."
          onOwn={() => {
            setTo(checksummed(address));
            setProblem(undefined);
          }}
          onChange={(value) => {
            setTo(value);
            setProblem(undefined);
          }}
        />
        <AmountField
          label={`Amount in ${asset.symbol}`}
          text={text}
          spend={spend}
          hint={available === undefined ? 'Balance not verified yet' : `${amountText(available)} available`}
          onText={setText}
        />
        <Facts>
          <Fact name="Fee">{fee.amount === undefined ? '–' : <Amount value={fee.amount} symbol={asset.symbol} />}</Fact>
        </Facts>
        {fee.problem && <ProblemNote problem={fee.problem} />}
        <Button
          type="submit"
          look="primary"
          size="large"
          wide
          disabled={amount === undefined || tooMuch || most === undefined || to.trim() === ''}
        >
          Review
        </Button>
      </form>
    </>
  );
}
