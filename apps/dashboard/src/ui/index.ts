/** The design system: what every screen is made of. */

export { Banner, Card, Empty, Skeleton } from './blocks.tsx'
export { Button, type ButtonKind, type ButtonProps, IconButton, type IconButtonProps, SplitButton } from './button.tsx'
export { cx } from './cx.ts'
export { Dialog, type DialogProps } from './dialog.tsx'
export { Icon, type IconName, type IconSize, Mark } from './icon.tsx'
export { Kbd, LabelTag, LeaseRing, StateMark, Tag, type TagTone, Tile, Who } from './marks.tsx'
export { Menu, MenuItem, MenuRule } from './menu.tsx'
export { Popover, PopoverClose, type PopoverProps } from './popover.tsx'
export { Amount } from './quantity.tsx'
export { type ToastInput, ToastProvider, useToast } from './toast.tsx'
export { Tooltip, TooltipProvider } from './tooltip.tsx'
