/** Starts the app. */
import "./styles/main.css";
