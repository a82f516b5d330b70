'use client'
import type { ReactNode } from 'react'
import { ToastProvider, TooltipProvider } from '../ui/index.ts'

/** What every page may use: toasts and tooltips. */
export const Providers = ({ children }: { children: ReactNode }) => (
  <TooltipProvider delayDuration={400}>
    <ToastProvider>{children}</ToastProvider>
  </TooltipProvider>
)
