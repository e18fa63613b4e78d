import { lazy, Suspense, useState } from 'react';
import { useSessionState, useWallet } from '../../app/WalletContext.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Icon, type IconName } from '../../components/Icon.tsx';
import { Identicon } from '../../components/Identicon.tsx';
import type { KeySource } from '../../platform/ports.ts';
import { problemOf } from '../../state/problem.ts';
import { EntryLayout } from './EntryLayout.tsx';
import { welcomeLoaders } from './loaders.ts';
import styles from './Welcome.module.css';

const CreateWallet = lazy(welcomeLoaders.createWallet);
const ImportWallet = lazy(welcomeLoaders.importWallet);

const passkeysAvailable = typeof PublicKeyCredential === 'function' && isSecureContext;

/** The first thing anyone sees. Nothing is created before somebody asks for it. */
export function Welcome() {
  const [step, setStep] = useState<'choose' | 'create' | 'import'>('choose');
  const back = () => setStep('choose');
  if (step === 'choose') return <Choose onCreate={() => setStep('create')} onImport={() => setStep('import')} />;
  return (
    <Suspense fallback={<EntryLayout onBack={back}>{null}</EntryLayout>}>
      {step === 'create' ? <CreateWallet onBack={back} /> : <ImportWallet onBack={back} />}
    </Suspense>
  );
}

function Choose({ onCreate, onImport }: { readonly onCreate: () => void; readonly onImport: () => void }) {
  const demoAccounts = useSessionState((state) => state.demoAccounts);
  const network = useSessionState((state) => state.network?.network);
  const { session, notices } = useWallet();
  const [opening, setOpening] = useState<string>();
  const [asking, setAsking] = useState<'passkey' | 'device'>();
  const openDemo = async (name: string) => {
    setOpening(name);
    try {
      await session.getState().openDemo(name);
    } catch (error) {
      notices.getState().toast(problemOf(error).message, 'problem');
      setOpening(undefined);
    }
  };
  const createKey = async (source: KeySource) => {
    setAsking(undefined);
    setOpening(source);
    try {
      await session.getState().createKeyWallet(source);
    } catch (error) {
      const { message, action } = problemOf(error);
      notices.getState().toast(`${message} ${action}`, 'problem');
      setOpening(undefined);
    }
  };
  return (
    <EntryLayout>
      <div className={styles.hero}>
        <h1 className={styles.claim}>
          Paid before
          <br />
          you look up.
        </h1>
        <p className={styles.lead}>
          Payments in milliseconds. Every signature is checked on your device, so you trust nobody’s word for it.
        </p>
      </div>

      {demoAccounts.length > 0 && (
        <section aria-labelledby="demo" className={styles.group}>
          <h2 id="demo" className={styles.groupTitle}>
            Try a demo account <span className={styles.badge}>Demo</span>
          </h2>
          <div className={styles.demos}>
            {demoAccounts.map(({ name, address }) => (
              <button
                key={name}
                type="button"
                className={styles.demo}
                aria-busy={opening === name || undefined}
                disabled={opening !== undefined}
                onClick={() => void openDemo(name)}
              >
                <Identicon address={address} size={48} />
                <span>{name}</span>
              </button>
            ))}
          </div>
          <p className={styles.note}>Play money on “{network?.name}”. Their keys are public: anyone can spend it.</p>
        </section>
      )}

      <section aria-label="Your own wallet" className={styles.group}>
        <Option
          icon="plus"
          title="Create a wallet"
          detail="A new key on this device, and twelve words to keep"
          onClick={onCreate}
        />
        {passkeysAvailable && (
          <Option
            icon="shield"
            title="Use a passkey"
            detail="Your phone or security key signs each payment"
            disabled={opening !== undefined}
            onClick={() => setAsking('passkey')}
          />
        )}
        <Option icon="key" title="Import a phrase" detail="You have the words of a wallet already" onClick={onImport} />
        <Option
          icon="lock"
          title="A key for this device only"
          detail="No words, no password, no copy: for small amounts"
          disabled={opening !== undefined}
          onClick={() => setAsking('device')}
        />
      </section>
      {asking === 'passkey' && (
        <Dialog title="A wallet behind a passkey" onClose={() => setAsking(undefined)}>
          <p>
            The key stays in your phone, computer or security key, which asks you before each payment. Where passkeys
            are kept in step, it is on your other devices too. There are no words to write down.
          </p>
          <Button look="primary" size="large" wide onClick={() => void createKey('newPasskey')}>
            Make a passkey
          </Button>
          <Button size="large" wide onClick={() => void createKey('knownPasskey')}>
            Use one I have
          </Button>
        </Dialog>
      )}
      {asking === 'device' && (
        <Dialog title="A key for this device only?" onClose={() => setAsking(undefined)}>
          <p>
            This browser makes a key that nobody can read out, not even this wallet. There is no copy: if the browser’s
            data is deleted or the device is lost, the money is lost. Whoever can open this browser can pay.
          </p>
          <Button look="primary" size="large" wide onClick={() => void createKey('device')}>
            Make the key
          </Button>
        </Dialog>
      )}
    </EntryLayout>
  );
}

interface OptionProps {
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** A way to a wallet of one's own. */
function Option({ icon, title, detail, ...button }: OptionProps) {
  return (
    <button {...button} type="button" className={styles.option}>
      <Icon name={icon} size={22} />
      <span className={styles.optionText}>
        <strong>{title}</strong>
        <span>{detail}</span>
      </span>
      <Icon name="forward" size={18} />
    </button>
  );
}
