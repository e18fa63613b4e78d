import { type FormEvent, useState } from 'react';
import { useNetwork, useSession, useTempo } from '../../app/WalletContext.ts';
import { Amount } from '../../components/Amount.tsx';
import { AmountField } from '../../components/AmountField.tsx';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { Fact, Facts } from '../../components/Facts.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { amountOf, readSpend } from '../../state/amountInput.ts';
import { amountText } from '../../state/format.ts';
import { NotSponsored } from './NotSponsored.tsx';
import { Records } from './Records.tsx';
import styles from './Tempo.module.css';
import { TempoTabs } from './TempoTabs.tsx';
import { TokenBalance } from './TokenBalance.tsx';

/** Tokens on Tempo become money that pays instantly. */
export function Deposit() {
  const { asset, devnetUrl, detached } = useSession();
  const act = useTempo((state) => state.act);
  const depositSponsored = useTempo((state) => state.depositSponsored);
  const tokens = useTempo((state) => state.tokenBalance);
  const fee = useTempo((state) => state.fees.deposit);
  const busy = useTempo((state) => state.busy);
  const problem = useTempo((state) => state.problem);
  const offer = useTempo((state) => state.sponsor);
  const refusal = useTempo((state) => state.refusal);
  const relay = useNetwork((state) => state.relay);
  const [text, setText] = useState('');

  const typed = amountOf(text);
  // After a refusal the owner pays, until the screen is opened again.
  const isOffered = offer !== undefined && !refusal;
  const tooSmall = isOffered && typed !== undefined && typed < offer.minimumAmount;
  const sponsor = isOffered && !tooSmall ? offer : undefined;
  const spend = readSpend(text, tokens, sponsor ? 0n : fee);
  const { amount, most, tooMuch } = spend;
  const offline = relay === 'unreachable' || detached;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amount === undefined || tooMuch) return;
    void (sponsor ? depositSponsored(amount, sponsor) : act({ type: 'deposit', amount })).then(() => setText(''));
  };

  return (
    <>
      <ScreenHeader title="Deposit" back="home">
        <p>
          Moves {asset.symbol} from your address on Tempo into the reserve contract, where it pays instantly. It counts
          once its block is final; no validator can take it.
        </p>
      </ScreenHeader>
      <TempoTabs screen="deposit" />
      <div className={styles.tempo}>
        <TokenBalance purpose="deposit" />

        {tokens === 0n && devnetUrl === undefined && (
          <Banner icon="info" title="Nothing to deposit yet">
            <p>Send {asset.symbol} to your own address on Tempo first, from an exchange or another wallet.</p>
          </Banner>
        )}

        <form className={styles.form} onSubmit={submit}>
          <AmountField
            disabled={busy !== undefined}
            label={`Amount in ${asset.symbol}`}
            text={text}
            spend={spend}
            {...(tooSmall && offer
              ? {
                  hint: `${offer.name} pays the network fee from ${amountText(offer.minimumAmount)} ${asset.symbol} on.`,
                }
              : {})}
            after={sponsor ? 'nothing' : 'the network fee'}
            onText={setText}
          />
          <Facts>
            {sponsor ? (
              <Fact name="Network fee">Paid by {sponsor.name}</Fact>
            ) : (
              <Fact name="Network fee, at most">
                {fee === undefined ? '–' : <Amount value={fee} symbol={asset.symbol} />}
              </Fact>
            )}
          </Facts>
          <Button
            type="submit"
            look="primary"
            size="large"
            wide
            busy={busy === 'deposit'}
            disabled={amount === undefined || tooMuch || most === undefined || busy !== undefined || offline}
          >
            {amount === undefined ? 'Deposit' : `Deposit ${amountText(amount)} ${asset.symbol}`}
          </Button>
        </form>
        {refusal && <NotSponsored refusal={refusal} />}
        {problem && <ProblemNote problem={problem} />}
        <Records types={['deposit']} />
      </div>
    </>
  );
}
