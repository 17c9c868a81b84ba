public enum ShapeSuite {}
