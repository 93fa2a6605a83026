"""The Qt Quick interface: engine, bridge, view-models, list models, QML."""
