'use client'
import { createContext, use } from 'react'
import { Dialog } from '../../ui/index.ts'

/** The keys there are. A key works where its button is visible, and only there. */
const KEYS: readonly (readonly [what: string, keys: readonly string[]])[] = [
  ['Filter the fleet', ['/']],
  ['Go to the fleet', ['G', 'F']],
  ['Row above, below', ['↑', '↓']],
  ['Open', ['↵']],
  ['Freeze for 10 min, thaw', ['F']],
  ['Freeze for…', ['⇧', 'F']],
  ['Undo the last freeze', ['U']],
  ['Earlier, later', ['[', ']']],
  ['Longer, shorter range', ['-', '+']],
  ['Back to live', ['.']],
  ['This list', ['?']],
  ['Back, close', ['Esc']],
]

const HelpContext = createContext<() => void>(() => undefined)
export const HelpProvider = HelpContext.Provider

/** Opens the list of keys. */
export const useHelp = (): (() => void) => use(HelpContext)

export const HelpDialog = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => (
  <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard">
    <div className="in">
      <table className="keys-table w-full">
        <tbody>
          {KEYS.map(([what, keys]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </Dialog>
)
