import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './style/base.css'
import { App } from './app'
import { keepForOffline } from './shell/offline'

const root = document.getElementById('app')
if (!root) throw new Error('the page has no #app')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
keepForOffline()
