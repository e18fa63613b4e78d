import { checksummed } from '@fastpay/client';
import type { Address } from '@fastpay/protocol';
import { type FormEvent, lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useNameOf } from '../../app/useNames.ts';
import { navigate, redirect, useRoute } from '../../app/useRoute.ts';
import { useAccount, useDraft, useSession, useSessionState } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Identicon } from '../../components/Identicon.tsx';
import { ScreenHeader } from '../../components/ScreenHeader.tsx';
import { recentRecipients } from '../../state/activityList.ts';
import { shortHex } from '../../state/format.ts';
import { readTarget } from '../../state/target.ts';
import styles from './RecipientStep.module.css';

const Scanner = lazy(() => import('../scan/Scanner.tsx').then(({ Scanner }) => ({ default: Scanner })));
const RECENT = 5;

export function RecipientStep() {
  const session = useSession();
  const { query } = useRoute();
  const choose = useDraft((state) => state.choose);
  const items = useAccount((state) => state.items);
  const demoAccounts = useSessionState((state) => state.demoAccounts);
  const nameOf = useNameOf();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [scanning, setScanning] = useState(false);

  const accept = (input: string): boolean => {
    const target = readTarget(input, session);
    if ('problem' in target) {
      setProblem(target.problem);
      return false;
    }
    choose(target.recipient, target.amount);
    navigate(target.amount === undefined ? 'amount' : 'review');
    return true;
  };

  // A request link opens the wallet right here, with what it asks for in the route.
  const linked = query.size > 0;
  useEffect(() => {
    if (!linked) return;
    const target = readTarget(location.href, session);
    if ('problem' in target) {
      setProblem(target.problem);
      return;
    }
    choose(target.recipient, target.amount);
    redirect(target.amount === undefined ? 'amount' : 'review');
  }, [linked, session, choose]);

  const people = useMemo(() => {
    const demos = demoAccounts.filter((demo) => demo.address !== session.address);
    const known = new Set<Address>(demos.map((demo) => demo.address));
    const recent = recentRecipients(items, RECENT + known.size).filter((address) => !known.has(address));
    return { demos, recent: recent.slice(0, RECENT) };
  }, [demoAccounts, items, session.address]);

  const pick = (address: Address) => {
    choose(address);
    navigate('amount');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept(text);
  };
  const paste = async () => {
    try {
      const pasted = (await navigator.clipboard.readText()).trim();
      setText(pasted);
      accept(pasted);
    } catch {
      setProblem('The browser does not let this page read the clipboard. Paste into the field instead.');
    }
  };

  return (
    <>
      <ScreenHeader title="Pay" back="home" />
      <div className={styles.step}>
        <form className={styles.form} onSubmit={submit}>
          <Field
            label="Recipient"
            placeholder="Address or payment link"
            value={text}
            problem={problem}
            autoComplete="off"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="next"
            onChange={(event) => {
              setText(event.target.value);
              setProblem(undefined);
            }}
          />
          <div className={styles.ways}>
            <Button icon="scan" onClick={() => setScanning(true)}>
              Scan
            </Button>
            <Button icon="paste" onClick={() => void paste()}>
              Paste
            </Button>
            <Button type="submit" look="primary" disabled={text.trim() === ''}>
              Next
            </Button>
          </div>
        </form>

        {people.demos.length > 0 && (
          <People title="Demo contacts">
            {people.demos.map(({ name, address }) => (
              <Person key={address} address={address} name={name} onPick={pick} />
            ))}
          </People>
        )}
        {people.recent.length > 0 && (
          <People title="Paid before">
            {people.recent.map((address) => (
              <Person key={address} address={address} name={nameOf(address)} onPick={pick} />
            ))}
          </People>
        )}
      </div>
      {scanning && (
        <Suspense fallback={null}>
          <Scanner
            onClose={() => setScanning(false)}
            onText={(scanned) => {
              setScanning(false);
              setText(scanned);
              accept(scanned);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function People({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section>
      <h2 className={styles.groupTitle}>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

interface PersonProps {
  readonly address: Address;
  readonly name: string | undefined;
  readonly onPick: (address: Address) => void;
}

function Person({ address, name, onPick }: PersonProps) {
  const short = shortHex(checksummed(address), 6);
  return (
    <li>
      <button type="button" className={styles.person} onClick={() => onPick(address)}>
        <Identicon address={address} size={40} />
        <span className={styles.names}>
          {name !== undefined && <span className={styles.name}>{name}</span>}
          <span className={styles.address}>{short}</span>
        </span>
      </button>
    </li>
  );
}
