import { checksummed, encodePaymentLink, encodePaymentRequest } from '@fastpay/client';
import { toAmount } from '@fastpay/protocol';
import { useId, useState } from 'react';
import { useNotices, useSession } from '../../app/WalletContext.ts';
import { AddressText } from '../../components/AddressText.tsx';
import { AmountField } from '../../components/AmountField.tsx';
import { Button, IconButton } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { QrCode } from '../../components/QrCode.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { amountOf } from '../../state/amountInput.ts';
import { amountText } from '../../state/format.ts';
import styles from './Receive.module.css';

/** Works without any network: everything shown here is known on the device. */
export function Receive() {
  const { address, asset, network } = useSession();
  const toast = useNotices((state) => state.toast);
  const [asking, setAsking] = useState(false);
  const [text, setText] = useState('');
  const region = useId();
  const amount = asking ? amountOf(text) : undefined;
  const request = { recipient: address, ...(amount === undefined ? {} : { amount: toAmount(amount) }) };
  const link = encodePaymentLink(request, network, `${location.origin}${location.pathname}`);
  const what = amount === undefined ? 'my address' : `${amountText(amount)} ${asset.symbol}`;

  const share = () => {
    navigator.share({ title: 'FastPay', text: `Pay ${what}`, url: link }).catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError'))
        toast('Sharing did not work here.', 'problem');
    });
  };

  return (
    <>
      <ScreenHeader title="Receive" back="home" />
      <div className={styles.receive}>
        <div className={styles.code}>
          <QrCode
            text={encodePaymentRequest(request, network)}
            label={amount === undefined ? 'QR code of your address' : `QR code asking for ${what}`}
          />
          {amount !== undefined && (
            <p className={styles.asked}>
              {amountText(amount)} <span className="quiet">{asset.symbol}</span>
            </p>
          )}
        </div>

        <div className={styles.side}>
          <section aria-labelledby={region}>
            <h2 id={region} className={styles.title}>
              Your address
            </h2>
            <AddressText address={address} />
          </section>
          <div className={styles.actions}>
            <CopyButton text={checksummed(address)} what="Address" />
            <CopyButton text={link} what="Link" />
            {'share' in navigator && (
              <Button icon="share" onClick={share}>
                Share
              </Button>
            )}
          </div>
          {asking ? (
            <AmountField
              label={`Amount to ask for, in ${asset.symbol}`}
              text={text}
              hint="Whoever scans the code finds the amount filled in."
              trailing={<IconButton icon="close" label="Remove the amount" onClick={() => setAsking(false)} />}
              autoFocus
              onText={setText}
            />
          ) : (
            <Button icon="plus" onClick={() => setAsking(true)}>
              Ask for an amount
            </Button>
          )}
          <p className={styles.note}>
            Payments arrive in milliseconds and can be spent at once. This page shows them as soon as this browser has
            verified them.
          </p>
        </div>
      </div>
    </>
  );
}
