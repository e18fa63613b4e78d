import type { Address, Hash } from '@fastpay/protocol';
import { type FormEvent, useState } from 'react';
import { useNetwork, useSession, useTempo } from '../../app/WalletContext.ts';
import { AddressText } from '../../components/AddressText.tsx';
import { Amount } from '../../components/Amount.tsx';
import { AmountField } from '../../components/AmountField.tsx';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Fact, Facts } from '../../components/Facts.tsx';
import { Field } from '../../components/Field.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { readSpend } from '../../state/amountInput.ts';
import { amountText } from '../../state/format.ts';
import { readMemo } from '../../state/memo.ts';
import { readTempoTarget } from '../../state/target.ts';
import { RecipientField } from './RecipientField.tsx';
import { Records } from './Records.tsx';
import styles from './Tempo.module.css';
import { TempoTabs } from './TempoTabs.tsx';
import { TokenBalance } from './TokenBalance.tsx';

interface Transfer {
  readonly recipient: Address;
  readonly amount: bigint;
  readonly memo?: Hash;
}

/** A plain transfer on Tempo: past FastPay, as fast as the chain and no faster. */
export function Send() {
  const session = useSession();
  const { asset, detached } = session;
  const tokens = useTempo((state) => state.tokenBalance);
  const fee = useTempo((state) => state.fees.transfer);
  const busy = useTempo((state) => state.busy);
  const problem = useTempo((state) => state.problem);
  const relay = useNetwork((state) => state.relay);
  const [to, setTo] = useState('');
  const [text, setText] = useState('');
  const [memoText, setMemoText] = useState('');
  const [wrong, setWrong] = useState<string>();
  const [asking, setAsking] = useState<Transfer>();

  const spend = readSpend(text, tokens, fee);
  const { amount, most, tooMuch } = spend;
  const memo = readMemo(memoText);
  const offline = relay === 'unreachable' || detached;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amount === undefined || tooMuch || 'problem' in memo) return;
    const target = readTempoTarget(to, session);
    if ('problem' in target) return setWrong(target.problem);
    setAsking({ recipient: target.recipient, amount, ...memo });
  };

  return (
    <>
      <ScreenHeader title="Send on Tempo" back="home">
        <p>
          An ordinary transfer of the tokens at your address on Tempo, outside FastPay. <strong>Not instant</strong>: it
          has no certificate and counts once its block is final.
        </p>
      </ScreenHeader>
      <TempoTabs screen="send" />
      <div className={styles.tempo}>
        <TokenBalance purpose="transfer" />
        <form className={styles.form} onSubmit={submit}>
          <RecipientField
            value={to}
            problem={wrong}
            onChange={(value) => {
              setTo(value);
              setWrong(undefined);
            }}
          />
          <AmountField
            disabled={busy !== undefined}
            label={`Amount in ${asset.symbol}`}
            text={text}
            spend={spend}
            after="the network fee"
            onText={setText}
          />
          <Field
            label="Memo (optional)"
            value={memoText}
            placeholder="Invoice 1042"
            autoComplete="off"
            problem={'problem' in memo ? memo.problem : undefined}
            hint="At most 32 bytes. Public on the chain for ever."
            onChange={(event) => setMemoText(event.target.value)}
          />
          <Facts>
            <Fact name="Network fee, at most">
              {fee === undefined ? '–' : <Amount value={fee} symbol={asset.symbol} />}
            </Fact>
          </Facts>
          <Button
            type="submit"
            look="primary"
            size="large"
            wide
            busy={busy === 'transfer'}
            disabled={
              amount === undefined ||
              tooMuch ||
              most === undefined ||
              'problem' in memo ||
              to.trim() === '' ||
              busy !== undefined ||
              offline
            }
          >
            {amount === undefined ? 'Send' : `Send ${amountText(amount)} ${asset.symbol}`}
          </Button>
        </form>
        {problem && <ProblemNote problem={problem} />}
        <Records types={['transfer']} />
      </div>
      {asking && (
        <ConfirmTransfer
          transfer={asking}
          memoText={memoText}
          onClose={() => setAsking(undefined)}
          onSent={() => {
            setAsking(undefined);
            setTo('');
            setText('');
            setMemoText('');
          }}
        />
      )}
    </>
  );
}

interface ConfirmTransferProps {
  readonly transfer: Transfer;
  readonly memoText: string;
  readonly onClose: () => void;
  readonly onSent: () => void;
}

function ConfirmTransfer({ transfer, memoText, onClose, onSent }: ConfirmTransferProps) {
  const { asset } = useSession();
  const act = useTempo((state) => state.act);
  return (
    <Dialog title="Send on Tempo?" onClose={onClose}>
      <AddressText address={transfer.recipient} />
      <Facts>
        <Fact name="Amount">
          <Amount value={transfer.amount} symbol={asset.symbol} />
        </Fact>
        {transfer.memo !== undefined && <Fact name="Memo">{memoText}</Fact>}
      </Facts>
      <Banner tone="amber" icon="alert" title="It cannot be called back">
        <p>Compare every group of the address with what you were given.</p>
      </Banner>
      <Button
        look="primary"
        size="large"
        wide
        onClick={() => {
          void act({ type: 'transfer', ...transfer });
          onSent();
        }}
      >
        Send {amountText(transfer.amount)} {asset.symbol}
      </Button>
    </Dialog>
  );
}
