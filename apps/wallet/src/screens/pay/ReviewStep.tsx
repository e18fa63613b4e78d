import { type Address, OrderKind } from '@fastpay/protocol';
import { useEffect, useMemo } from 'react';
import { useNameOf } from '../../app/useNames.ts';
import { navigate, redirect } from '../../app/useRoute.ts';
import { useAccount, useDraft, useNetwork, usePayment, useSession } from '../../app/WalletContext.ts';
import { AddressText } from '../../components/AddressText.tsx';
import { Amount, HeroAmount } from '../../components/Amount.tsx';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { Fact, Facts } from '../../components/Facts.tsx';
import { PartyCard } from '../../components/PartyCard.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { counterparty } from '../../state/activityList.ts';
import { amountOf } from '../../state/amountInput.ts';
import { amountText, findLookAlike } from '../../state/format.ts';
import styles from './ReviewStep.module.css';
import { useFee } from './useFee.ts';

/** The last look: everything that is about to be signed, in full. */
export function ReviewStep({ recipient }: { readonly recipient: Address }) {
  const { address, asset, detached, network } = useSession();
  const kind = useDraft((state) => state.kind);
  const text = useDraft((state) => state.amount);
  const items = useAccount((state) => state.items);
  const available = useAccount((state) => state.view?.available);
  const pending = useAccount((state) => state.pending);
  const relay = useNetwork((state) => state.relay);
  const pay = usePayment((state) => state.pay);
  const live = usePayment((state) => state.live);
  const nameOf = useNameOf();
  const fee = useFee(kind, recipient);
  const amount = amountOf(text);
  const isWithdrawal = kind === OrderKind.withdraw;

  useEffect(() => {
    if (amount === undefined) redirect(isWithdrawal ? 'withdraw' : 'amount');
  }, [amount, isWithdrawal]);

  const known = useMemo(() => new Set(items.map(counterparty)), [items]);
  const lookAlike = findLookAlike(recipient, known);
  const isOwn = recipient === address;
  const name = isOwn ? 'Your own address on Tempo' : nameOf(recipient);
  const total = amount !== undefined && fee.amount !== undefined ? amount + fee.amount : undefined;
  const short = total !== undefined && available !== undefined && total > available;
  const blocked = pending !== undefined && live?.phase !== 'paid';
  const exitReadyAt = useAccount((state) => state.view?.exitReadyAt);
  const mayPay = total !== undefined && !short && !blocked && !detached && exitReadyAt === undefined;

  const confirm = () => {
    if (amount === undefined || fee.amount === undefined) return;
    void pay({ kind, recipient, asset: asset.address, amount }, fee.amount);
    redirect('payment');
  };

  if (amount === undefined) return null;
  return (
    <>
      <ScreenHeader title="Review" back={isWithdrawal ? 'withdraw' : 'amount'} />
      <div className={styles.review}>
        <HeroAmount value={amount} symbol={asset.symbol} />
        <PartyCard label="Recipient" address={recipient}>
          {name ?? (isWithdrawal ? 'To this address on Tempo' : 'To this address')}
          {!isOwn && !known.has(recipient) && <span className={styles.first}>First payment</span>}
        </PartyCard>
        {lookAlike && (
          <Banner tone="red" icon="alert" title="Looks like an address you know, but is another" live>
            <p>Beginning and end agree with the one below, the middle does not. Compare every group.</p>
            <AddressText address={lookAlike} />
          </Banner>
        )}
        <Facts>
          <Fact name="Fee">{fee.amount === undefined ? '…' : <Amount value={fee.amount} symbol={asset.symbol} />}</Fact>
          <Fact name="Leaves your balance">
            {total === undefined ? '…' : <Amount value={total} symbol={asset.symbol} />}
          </Fact>
          <Fact name="Network">{network.name}</Fact>
        </Facts>
        {isWithdrawal && (
          <p className={styles.note}>
            Sealed in milliseconds; the tokens are at that address once a validator has settled it on Tempo, usually
            within seconds. It cannot be called back.
          </p>
        )}
        {fee.isNewRecipient && (
          <p className={styles.note}>
            The fee includes {amountText(network.fees.newRecipientSurcharge)} once, because this recipient is new here:
            its first entry on the chain costs more.
          </p>
        )}
        {fee.problem && <ProblemNote problem={fee.problem} />}
        {short && (
          <Banner tone="red" icon="alert" title="Not enough money" live>
            <p>
              {amountText(available)} {asset.symbol} are available. Nothing has been signed.
            </p>
          </Banner>
        )}
        {exitReadyAt !== undefined && (
          <Banner
            tone="amber"
            icon="exit"
            title="This account is leaving"
            actions={
              <Button size="small" onClick={() => navigate('exit')}>
                Look at the exit
              </Button>
            }
          >
            <p>Its exit was requested, so validators sign no payment of it. Call the exit off to pay again.</p>
          </Banner>
        )}
        {blocked && (
          <Banner
            tone="amber"
            icon="clock"
            title="An earlier payment has not completed"
            actions={
              <Button size="small" onClick={() => navigate('payment')}>
                Watch it
              </Button>
            }
          >
            <p>
              Payments of one account are made one after the other. This one can follow as soon as that one is paid.
            </p>
          </Banner>
        )}
        {relay === 'unreachable' && (
          <p className={styles.note}>
            The relay cannot be reached now. The payment would be signed, kept here and sent as soon as it answers.
          </p>
        )}
        <Button look="primary" size="large" wide disabled={!mayPay} onClick={confirm} className={styles.confirm}>
          {isWithdrawal ? 'Withdraw' : 'Pay'} {amountText(amount)} {asset.symbol}
        </Button>
      </div>
    </>
  );
}
