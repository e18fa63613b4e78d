import { networkId } from '@fastpay/client';
import { committeeHash, domainSeparator, type Network } from '@fastpay/protocol';
import { CopyIcon } from '../../components/CopyButton.tsx';
import { Fact, Facts } from '../../components/Facts.tsx';
import { amountText, shortHex } from '../../state/format.ts';

/** What this wallet has pinned: everything it verifies is checked against these. */
export function NetworkFacts({ network }: { readonly network: Network }) {
  const { domain, committee, fees, assets } = network;
  const hex = (text: string, what: string) => (
    <>
      <span className="mono">{shortHex(text, 6)}</span>
      <CopyIcon text={text} what={what} />
    </>
  );
  return (
    <Facts>
      <Fact name="Name">{network.name}</Fact>
      <Fact name="Id">
        <span className="mono">{networkId(network)}</span>
      </Fact>
      <Fact name="Tempo chain id">{`${domain.chainId}`}</Fact>
      <Fact name="Reserve contract">{hex(domain.reserve, 'Reserve address')}</Fact>
      <Fact name="Domain">{hex(domainSeparator(domain), 'Domain separator')}</Fact>
      <Fact name="Committee, pinned">{hex(committeeHash(committee), 'Committee hash')}</Fact>
      {assets.map((asset) => (
        <Fact key={asset.address} name={`${asset.name} (${asset.symbol})`}>
          {hex(asset.address, 'Token address')}
        </Fact>
      ))}
      <Fact name="Least fee">{amountText(fees.minimum)}</Fact>
      <Fact name="For a new recipient, once">{`+ ${amountText(fees.newRecipientSurcharge)}`}</Fact>
    </Facts>
  );
}
