'use client'
import { mayAct } from '@corral/domain'
import { useState } from 'react'
import { readProblem, trpcClient, usePerson } from '../../client/index.ts'
import { Banner, Button, Dialog, Skeleton } from '../../ui/index.ts'

/** Copies text; says so for a moment. Without a clipboard (plain http) the text can still be selected. */
const CopyButton = ({ text }: { text: string }) => {
  const [copied, setCopied] = useState(false)
  if (typeof navigator === 'undefined' || navigator.clipboard === undefined) return null
  return (
    <Button
      small
      icon={copied ? 'check' : 'copy'}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => {
          setCopied(true)
          setTimeout(() => setCopied(false), 2000)
        })
      }}
    >
      {copied ? 'Copied' : 'Copy'}
    </Button>
  )
}

type Made = { readonly command: string } | { readonly problem: string } | null

/** One line to paste on a Linux machine; its token can be used once, within 15 minutes. */
export const AddHost = () => {
  const { role } = usePerson()
  const [open, setOpen] = useState(false)
  const [made, setMade] = useState<Made>(null)
  const make = async (): Promise<void> => {
    setOpen(true)
    setMade(null)
    try {
      setMade({ command: (await trpcClient().host.enrolToken.mutate({})).command })
    } catch (error) {
      const { title, hint } = readProblem(error)
      setMade({ problem: `${title}. ${hint}` })
    }
  }
  return (
    <>
      <Button
        kind="primary"
        icon="plus"
        offBecause={mayAct(role, 'host.enrol') ? null : `A ${role} may not add hosts; an admin may.`}
        onClick={() => void make()}
      >
        Add a host
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="Add a host" width={620}>
        <div className="in">
          <p className="text-ink-2">
            Run this line as root on the machine. Its containers show up here within seconds.
          </p>
          {made === null && <Skeleton width="100%" height={44} />}
          {made !== null && 'command' in made && (
            <div className="code">
              <code>{made.command}</code>
              <CopyButton text={made.command} />
            </div>
          )}
          {made !== null && 'problem' in made && <Banner icon="warn" tone="warn" title={made.problem} />}
          <p className="text-small text-ink-3">
            The token in it can be used once, within 15 minutes. Run without root, the agent only observes.
          </p>
        </div>
      </Dialog>
    </>
  )
}
