import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';

interface RecipientFieldProps {
  readonly value: string;
  readonly problem: string | undefined;
  readonly hint?: string;
  /** Fills in one's own address. */
  readonly onOwn?: () => void;
  readonly onChange: (value: string) => void;
}

/** An address on Tempo, typed or pasted in full. */
export function RecipientField({ value, problem, hint, onOwn, onChange }: RecipientFieldProps) {
  return (
    <Field
      label="To address on Tempo"
      placeholder="0x…"
      value={value}
      problem={problem}
      hint={hint}
      autoComplete="off"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      trailing={
        onOwn && (
          <Button look="quiet" size="small" onClick={onOwn}>
            My own
          </Button>
        )
      }
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
