import { quorumStake, totalStake } from '@fastpay/protocol';
import { useNow } from '../../app/useNow.ts';
import { useAccount, useSession } from '../../app/WalletContext.ts';
import { Amount } from '../../components/Amount.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Fact, Facts } from '../../components/Facts.tsx';
import { Icon } from '../../components/Icon.tsx';
import { KeyDial } from '../../components/Identicon.tsx';
import { ProblemNote } from '../../components/ProblemNote.tsx';
import { agoText, heightText, shortHex } from '../../state/format.ts';
import styles from './BalanceProof.module.css';

/** How the number on the home screen came to be trusted. */
export function BalanceProof({ onClose }: { readonly onClose: () => void }) {
  const { network, asset } = useSession();
  const view = useAccount((state) => state.view);
  const problem = useAccount((state) => state.problem);
  const now = useNow(1_000);
  const { committee } = network;
  return (
    <Dialog title="How this balance was verified" onClose={onClose}>
      <p className="quiet">
        Each validator signed a fresh statement about this account, bound to a random number from this browser. The
        browser checked every signature against the committee it has pinned. Statements of {`${quorumStake(committee)}`}{' '}
        out of {`${totalStake(committee)}`} stake have to agree.
      </p>
      {problem && <ProblemNote problem={problem} />}
      <ul className={styles.list}>
        {committee.members.map((member, signer) => {
          const verified = view?.signers.includes(signer) ?? false;
          return (
            <li key={member.name} className={styles.member} data-verified={verified || undefined}>
              <span className={styles.dial}>
                <KeyDial votingKey={member.votingKey} size={32} />
              </span>
              <span className={styles.name}>{member.name}</span>
              <span className={styles.key}>{shortHex(member.votingKey)}</span>
              <span className={styles.state}>
                {verified ? (
                  <>
                    <Icon name="check" size={16} /> Verified
                  </>
                ) : (
                  'No answer'
                )}
              </span>
            </li>
          );
        })}
      </ul>
      {view && (
        <Facts>
          <Fact name="Balance">
            <Amount value={view.balance} symbol={asset.symbol} />
          </Fact>
          {view.overlay && (
            <>
              <Fact name="Of it, on the chain already">
                <Amount value={view.overlay.onChain} symbol={asset.symbol} />
              </Fact>
              <Fact name="Received, not settled yet">
                <Amount value={view.overlay.unsettledIn} symbol={asset.symbol} />
              </Fact>
              <Fact name="Paid, not settled yet">
                <Amount value={-view.overlay.unsettledOut} symbol={asset.symbol} />
              </Fact>
            </>
          )}
          <Fact name="Next payment number">{`${view.next}`}</Fact>
          <Fact name="Deposits counted up to block">{heightText(view.finalizedHeight)}</Fact>
          <Fact name="Verified">{agoText(view.asOfMs, now)}</Fact>
        </Facts>
      )}
    </Dialog>
  );
}
