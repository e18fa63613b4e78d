import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { readSpend } from '../state/amountInput.ts';
import { AmountField } from './AmountField.tsx';
import { IconButton } from './Button.tsx';

const nothing = () => undefined;

function render(text: string, available: bigint | undefined, isFree = false): string {
  const spend = readSpend(text, available, isFree ? 0n : 2_000n);
  return renderToStaticMarkup(
    <AmountField
      label="Amount in USD"
      hint="Yours alone"
      text={text}
      spend={spend}
      after={isFree ? 'nothing' : 'the network fee'}
      onText={nothing}
    />,
  );
}

describe('an amount', () => {
  it('has a name, and a hint that is read with it', () => {
    const markup = render('1.5', 5_002_000n);
    const [, id] = /<label[^>]* for="([^"]+)">Amount in USD</.exec(markup) ?? [];
    expect(markup).toContain(`id="${id}"`);
    const [, note] = /aria-describedby="([^"]+)"/.exec(markup) ?? [];
    expect(markup).toMatch(new RegExp(`id="${note}"[^>]*>Yours alone<`));
    expect(markup).not.toContain('aria-invalid');
    expect(markup).not.toContain('disabled');
  });

  it('says in place of the hint when it is more than can leave, and how much can', () => {
    const markup = render('5.000001', 5_002_000n);
    expect(markup).toContain('aria-invalid="true"');
    expect(markup).toContain('At most 5.00 after the network fee.');
    expect(markup).not.toContain('Yours alone');
    expect(render('5', 5_002_000n)).not.toContain('aria-invalid');
    expect(render('6', 5_000_000n, true)).toContain('At most 5.00.');
    expect(render('5', 5_000_000n, true)).not.toContain('aria-invalid');
  });

  it('does not offer to use all while there is nothing, or nothing known', () => {
    for (const available of [undefined, 0n, 1_999n, 2_000n]) expect(render('', available)).toContain('disabled=""');
  });

  it('does not judge what is being sent', () => {
    const spend = readSpend('5', 2_000n, 2_000n);
    const markup = renderToStaticMarkup(
      <AmountField label="Amount" text="5" spend={spend} disabled onText={nothing} />,
    );
    expect(spend.tooMuch).toBe(true);
    expect(markup).not.toContain('aria-invalid');
    expect(markup).not.toContain('At most');
  });

  it('offers nothing where no money leaves', () => {
    const trailing = <IconButton icon="close" label="Remove the amount" />;
    const markup = renderToStaticMarkup(<AmountField label="Amount" text="" trailing={trailing} onText={nothing} />);
    expect(markup).toContain('Remove the amount');
    expect(markup).not.toContain('Use all');
  });
});
