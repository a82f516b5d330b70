import { plain, type Quantity } from './format.ts'

/** A number with its unit beside it, quieter. */
export const Amount = ({ quantity, of }: { quantity: Quantity; of?: Quantity | null }) => (
  <>
    {quantity.value}
    {of ? (
      <span className="u">of {plain(of)}</span>
    ) : (
      quantity.unit !== '' && <span className="u">{quantity.unit}</span>
    )}
  </>
)
