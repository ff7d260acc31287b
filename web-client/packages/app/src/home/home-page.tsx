// What needs me now, by next step and deadline: the dashboard of a buyer or seller, and of the staff.

import { useSession } from '../session/session'
import { PartyHome } from './party-home'
import { StaffHome } from './staff-home'

export default function HomePage() {
  const { staff } = useSession()
  return (
    <main className="min-w-0 grow overflow-y-auto bg-ground">{staff ? <StaffHome /> : <PartyHome />}</main>
  )
}
