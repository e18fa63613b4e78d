import type { ActivityItem, StoredClosure } from '@fastpay/client';
import { useEffect, useState } from 'react';
import { useNetwork, useSession, useTempo } from '../../app/WalletContext.ts';
import { Banner } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { amountText, plural } from '../../state/format.ts';
import { type Problem, problemOf } from '../../state/problem.ts';
import { selfSettleOffer } from '../../state/selfSettle.ts';
import { RecordProgress } from '../tempo/RecordProgress.tsx';
import styles from './SelfSettle.module.css';

/** Whoever holds a certificate can bring it to the chain without asking anybody (§7 rule 7). */
export function SelfSettle({ item }: { readonly item: ActivityItem }) {
  const { detached } = useSession();
  const [asking, setAsking] = useState(false);
  const record = useTempo((state) => state.records.find((candidate) => candidate.payment === item.transactionHash));
  const offer = selfSettleOffer(item, record);
  if (detached || (offer === 'none' && !record)) return null;
  return (
    <>
      {record && <RecordProgress record={record} />}
      {offer === 'offer' && (
        <div className={styles.offer}>
          <p>A validator settles it on Tempo by itself. You can also do it yourself, at your own cost.</p>
          <Button icon="block" onClick={() => setAsking(true)}>
            Settle it yourself…
          </Button>
        </div>
      )}
      {offer === 'doubt' && (
        <div className={styles.offer}>
          <p>
            That it is on Tempo is the relay’s word. If you doubt it, settle it yourself: if it is settled already, the
            contract passes it over, and only the network fee is spent.
          </p>
          <Button look="quiet" size="small" className={styles.doubt} onClick={() => setAsking(true)}>
            Settle it all the same…
          </Button>
        </div>
      )}
      {asking && <SettleDialog item={item} onClose={() => setAsking(false)} />}
    </>
  );
}

function SettleDialog({ item, onClose }: { readonly item: ActivityItem; readonly onClose: () => void }) {
  const { client, asset } = useSession();
  const act = useTempo((state) => state.act);
  const look = useTempo((state) => state.look);
  const tokens = useTempo((state) => state.tokenBalance);
  const fee = useTempo((state) => state.fees.settle);
  const relay = useNetwork((state) => state.relay);
  const [closure, setClosure] = useState<StoredClosure>();
  const [problem, setProblem] = useState<Problem>();

  useEffect(() => {
    let current = true;
    void look('settle');
    client.closure(item.transactionHash).then(
      (found) => current && setClosure(found),
      (error: unknown) => current && setProblem(problemOf(error)),
    );
    return () => {
      current = false;
    };
  }, [client, item.transactionHash, look]);

  const short = tokens !== undefined && fee !== undefined && tokens < fee;
  return (
    <Dialog title="Settle it yourself?" onClose={onClose}>
      {closure && (
        <p>
          {plural(closure.certificates.length, 'certificate')} go to the reserve contract, oldest first: this payment
          {closure.certificates.length > 1 ? ', and the ones that fund it' : ''}. The fees of these payments come back
          to you.
        </p>
      )}
      {closure && !closure.complete && (
        <Banner tone="amber" icon="alert" title="Something that funds it may be missing">
          <p>The contract then passes it over, and only the network fee is spent. A validator may have settled it.</p>
        </Banner>
      )}
      {short && (
        <Banner tone="amber" icon="alert" title="The network fee is missing">
          <p>
            It costs up to {amountText(fee)} {asset.symbol} of your tokens on Tempo. Have some sent to your address
            first.
          </p>
        </Banner>
      )}
      {!short && fee !== undefined && (
        <p className="quiet">
          The network takes at most {amountText(fee)} {asset.symbol} of your tokens on Tempo.
        </p>
      )}
      {problem && <ProblemNote problem={problem} />}
      <Button
        look="primary"
        size="large"
        wide
        disabled={!closure || short || fee === undefined || relay === 'unreachable'}
        onClick={() => {
          if (!closure) return;
          void act({ type: 'settle', payment: item.transactionHash, certificates: closure.certificates });
          onClose();
        }}
      >
        Settle it
      </Button>
    </Dialog>
  );
}
