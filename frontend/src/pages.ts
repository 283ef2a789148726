/** The look of the pages that the server renders; they need no script. */
import "./styles/shared.css";
import "./styles/pages.css";
